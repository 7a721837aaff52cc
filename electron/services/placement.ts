// Where to open the window: where it was, if enough of that is still on a screen.
import type { WindowPlace } from './settings.ts'

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const smallestWindow = { width: 640, height: 480 } as const
const usualWindow = { width: 1200, height: 800 } as const
/** So much of the window, in pixels, must be on one screen to be taken hold of. */
const grip = { width: 200, height: 100 } as const

/** Bounds for a new window on screens with these work areas, the first being the main one. Without a place it is centred there. */
export function placeWindow(saved: WindowPlace | null, workAreas: readonly [Area, ...Area[]]): Area {
  const screen = saved === null ? undefined : workAreas.find((area) => canBeGripped(saved, area))
  const { width, height } = saved === null || screen === undefined ? usualWindow : saved
  const area = screen ?? workAreas[0]
  const size = {
    width: Math.max(smallestWindow.width, Math.min(width, area.width)),
    height: Math.max(smallestWindow.height, Math.min(height, area.height)),
  }
  if (saved !== null && screen !== undefined) return { x: saved.x, y: Math.max(saved.y, area.y), ...size }
  return {
    x: area.x + Math.max(0, Math.round((area.width - size.width) / 2)),
    y: area.y + Math.max(0, Math.round((area.height - size.height) / 2)),
    ...size,
  }
}

function canBeGripped(place: Area, area: Area): boolean {
  const width = Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x)
  const height = Math.min(place.y + place.height, area.y + area.height) - Math.max(place.y, area.y)
  return width >= grip.width && height >= grip.height
}

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
  const returning = saved === null ? [] : workAreas.map((area) => placeOn(saved, area))
  return returning.find((place, index) => canBeGripped(place, workAreas[index] ?? place)) ?? centreOn(workAreas[0])
}

/** The saved place, no larger than the screen and with its title bar below the screen's upper edge. */
function placeOn({ x, y, width, height }: Area, area: Area): Area {
  return { x, y: Math.max(y, area.y), ...fit({ width, height }, area) }
}

function centreOn(area: Area): Area {
  const size = fit(usualWindow, area)
  const x = area.x + Math.max(0, Math.round((area.width - size.width) / 2))
  const y = area.y + Math.max(0, Math.round((area.height - size.height) / 2))
  return { x, y, ...size }
}

function fit(size: { readonly width: number; readonly height: number }, area: Area) {
  return {
    width: Math.max(smallestWindow.width, Math.min(size.width, area.width)),
    height: Math.max(smallestWindow.height, Math.min(size.height, area.height)),
  }
}

function canBeGripped(place: Area, area: Area): boolean {
  const width = Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x)
  const height = Math.min(place.y + place.height, area.y + area.height) - Math.max(place.y, area.y)
  return width >= grip.width && height >= grip.height
}

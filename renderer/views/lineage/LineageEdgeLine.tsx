// A relation on the map: a line with a word on it, so that the colour is not all that tells; dashed where no source confirmed it.
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react'
import type { LineageEdge } from '../../../shared/catalog/lineage.ts'
import { t } from '../../words/words.ts'

export function LineageEdgeLine({ id, data, markerEnd, ...ends }: EdgeProps) {
  const { relation, isConfirmed } = data as unknown as Pick<LineageEdge, 'relation' | 'isConfirmed'>
  const [path, labelX, labelY] = getBezierPath(ends)
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        className={`edge edge-${relation} ${isConfirmed ? '' : 'edge-unconfirmed'}`}
        {...(markerEnd === undefined ? {} : { markerEnd })}
      />
      <EdgeLabelRenderer>
        <span
          className={`edge-word edge-word-${relation}`}
          style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          aria-hidden="true"
        >
          {t(`lineage.short.${relation}`)}
          {isConfirmed ? '' : ' ?'}
        </span>
      </EdgeLabelRenderer>
    </>
  )
}

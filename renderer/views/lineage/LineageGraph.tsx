// The map, drawn by React Flow from a layout that is computed once. One stop for Tab; arrow keys go from node to node, Enter opens. React Flow's own
// keyboard handling is off, because it moves nodes and these stand still.
import {
  type Edge,
  Handle,
  MarkerType,
  type Node,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import '../../styles/lineage.css'
import { Maximize, Minus, Plus } from 'lucide-react'
import { createContext, use, useCallback, useMemo, useRef, useState } from 'react'
import { type Lineage, type LineageNode, variantNode } from '../../../shared/catalog/lineage.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { LineageEdgeLine } from './LineageEdgeLine.tsx'
import { layoutOf, neighbour, nodeHeight, nodeWidth } from './layout.ts'
import { NodeCard } from './NodeCard.tsx'

export interface LineageGraphProps {
  readonly lineage: Lineage
  /** Id of the variant that the map is about; null for none. */
  readonly around: string | null
  readonly onOpen: (node: LineageNode) => void
}

export function LineageGraph(props: LineageGraphProps) {
  return (
    <ReactFlowProvider>
      <FlowMap {...props} />
    </ReactFlowProvider>
  )
}

type FlowNode = Node<{ readonly node: LineageNode; readonly isCentre: boolean }>

interface Walk {
  /** The one node that Tab reaches. */
  readonly current: string
  readonly onOpen: (node: LineageNode) => void
  readonly onFocus: (id: string) => void
  readonly onArrow: (id: string, direction: 'left' | 'right' | 'up' | 'down') => void
}

const WalkContext = createContext<Walk | null>(null)

const directions = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const

function FlowMap({ lineage, around, onOpen }: LineageGraphProps) {
  const flow = useReactFlow()
  const frame = useRef<HTMLDivElement>(null)
  const placed = useMemo(() => layoutOf(lineage), [lineage])
  const centre = around === null ? null : variantNode(around)
  const [current, setCurrent] = useState(centre ?? lineage.nodes[0]?.id ?? '')
  const { nodes, edges } = useMemo(() => flowOf(lineage, placed, centre), [lineage, placed, centre])
  const show = useCallback(
    (id: string) => {
      const node = placed.find((one) => one.id === id)
      if (node === undefined) return
      const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 160
      const zoom = Math.max(flow.getZoom(), readableZoom)
      void flow.setCenter(node.x + nodeWidth / 2, node.y + nodeHeight / 2, { zoom, duration })
    },
    [flow, placed],
  )
  const walk = useMemo(
    (): Walk => ({
      current,
      onOpen,
      onFocus: setCurrent,
      onArrow: (id, direction) => {
        const next = neighbour(placed, id, direction)
        if (next === null) return
        setCurrent(next)
        show(next)
        // Without the browser's scrolling, which would move the frame instead of the map.
        frame.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)?.focus({ preventScroll: true })
      },
    }),
    [current, onOpen, placed, show],
  )
  return (
    <section ref={frame} className="lineage-map" aria-label={t('lineage.map')}>
      <WalkContext value={walk}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          fitView
          onInit={() => {
            if (centre !== null && lineage.nodes.length > readableNodes) show(centre)
          }}
          fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
          minZoom={0.08}
          maxZoom={1.6}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          proOptions={{ hideAttribution: true }}
        />
      </WalkContext>
      <div className="lineage-tools">
        <Button
          kind="icon"
          label={t('lineage.larger')}
          icon={<Plus aria-hidden="true" />}
          onPress={() => void flow.zoomIn()}
        />
        <Button
          kind="icon"
          label={t('lineage.smaller')}
          icon={<Minus aria-hidden="true" />}
          onPress={() => void flow.zoomOut()}
        />
        <Button
          kind="icon"
          label={t('lineage.all')}
          icon={<Maximize aria-hidden="true" />}
          onPress={() => void flow.fitView({ padding: 0.08, maxZoom: 1 })}
        />
      </div>
    </section>
  )
}

/** Below it the names cannot be read. */
const readableZoom = 0.7
/** Of more, only what is around the centre can be read at first. */
const readableNodes = 40

function MapNode({ data: { node, isCentre } }: { readonly data: FlowNode['data'] }) {
  const walk = use(WalkContext)
  if (walk === null) throw new Error('a node of the map needs the map around it')
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
      <NodeCard
        node={node}
        isCentre={isCentre}
        isReachable={walk.current === node.id}
        onFocus={() => walk.onFocus(node.id)}
        onOpen={() => walk.onOpen(node)}
        onKey={(key) => {
          if (!(key in directions)) return false
          walk.onArrow(node.id, directions[key as keyof typeof directions])
          return true
        }}
      />
    </>
  )
}

const nodeTypes = { card: MapNode }
const edgeTypes = { line: LineageEdgeLine }

/** Sizes and handles are given, so that nothing has to be measured before it is drawn. */
function flowOf({ nodes, edges }: Lineage, placed: ReturnType<typeof layoutOf>, centre: string | null) {
  const handle = { x: 0, y: nodeHeight / 2, width: 1, height: 1 }
  return {
    nodes: nodes.map((node, index): FlowNode => {
      const { x, y } = placed[index] ?? { x: 0, y: 0 }
      return {
        id: node.id,
        type: 'card',
        position: { x, y },
        width: nodeWidth,
        height: nodeHeight,
        handles: [
          { ...handle, type: 'target', position: Position.Left },
          { ...handle, x: nodeWidth, type: 'source', position: Position.Right },
        ],
        data: { node, isCentre: node.id === centre },
      }
    }),
    edges: edges.map(
      ({ from, to, relation, isConfirmed }): Edge => ({
        id: `${from} ${relation} ${to}`,
        source: from,
        target: to,
        type: 'line',
        data: { relation, isConfirmed },
        markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: 'var(--soft)' },
      }),
    ),
  }
}

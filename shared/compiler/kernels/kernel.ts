// What a kernel is, and how its WGSL is put together. The binding rules are those of tvmjs in web-llm 0.2.86: storage buffers at bindings 0..n-1,
// then one uniform buffer at binding n that holds the u32 scalars in order and, last, `packGridDimX`, the unfolded number of workgroups along x.

export interface Binding {
  readonly name: string
  /** WGSL type of the storage buffer, for example `array<vec4<f32>>`. */
  readonly type: string
  readonly access: 'read' | 'read_write'
}

export interface Kernel {
  /** WGSL entry point and key in the library's function table: ASCII letters, digits and underscores, unique within a library. */
  readonly name: string
  readonly wgsl: string
  readonly bindings: readonly Binding[]
  /** Names of the u32 scalars, in the order in which they are passed. */
  readonly scalars: readonly string[]
}

export interface KernelParts {
  readonly name: string
  /** First line of the source: the mathematics in one line. */
  readonly mathematics: string
  readonly enables?: readonly 'f16'[]
  readonly bindings: readonly Binding[]
  readonly scalars: readonly string[]
  readonly workgroupSize: readonly [x: number, y?: number, z?: number]
  /** Module-level WGSL: constants, workgroup variables, functions. */
  readonly declarations?: string
  /** Statements of the entry point. In scope: `group_x` (unfolded), `group_y`, `local` (vec3u), `local_index`, `args.<scalar>`. */
  readonly body: string
}

/** Joins the parts into one WGSL module. Throws on more than 10 storage buffers or 256 invocations, the portable limits. */
export function assembleKernel(parts: KernelParts): Kernel {
  const { name, bindings, scalars } = parts
  const [x, y = 1, z = 1] = parts.workgroupSize
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`kernel name ${name}: expected lower-case letters, digits and _`)
  if (bindings.length > 10)
    throw new Error(`kernel ${name}: ${bindings.length} storage buffers, at most 10 are portable`)
  if (x * y * z > 256) throw new Error(`kernel ${name}: ${x * y * z} invocations, at most 256 are portable`)
  const enables = parts.enables ?? []
  const lines = [
    `// ${parts.mathematics}`,
    ...enables.map((feature) => `enable ${feature};`),
    ...bindings.map((b, index) => `@group(0) @binding(${index}) var<storage, ${b.access}> ${b.name} : ${b.type};`),
    `struct Args { ${[...scalars, 'packGridDimX'].map((scalar) => `${scalar} : u32,`).join(' ')} }`,
    `@group(0) @binding(${bindings.length}) var<uniform> args : Args;`,
    parts.declarations?.trim() ?? '',
    `@compute @workgroup_size(${x}, ${y}, ${z})`,
    `fn ${name}(`,
    '  @builtin(workgroup_id) workgroup_id : vec3<u32>,',
    '  @builtin(num_workgroups) num_workgroups : vec3<u32>,',
    '  @builtin(local_invocation_id) local : vec3<u32>,',
    `  @builtin(local_invocation_index) local_index : u32,`,
    ') {',
    '  let group_x = workgroup_id.z * num_workgroups.x + workgroup_id.x;',
    '  let group_y = workgroup_id.y;',
    '  if (group_x >= args.packGridDimX) { return; }',
    ...parts.body
      .replace(/^\n+/, '')
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : `  ${line}`)),
    '}',
    '',
  ]
  return {
    name,
    wgsl: lines.filter((line, index) => line !== '' || index === lines.length - 1).join('\n'),
    bindings,
    scalars,
  }
}

/** tvmjs folds x >= 65536 into z. */
export function foldGrid(groups: number): [x: number, z: number] {
  let x = groups
  let z = 1
  while (x >= 65_536) {
    x = Math.ceil(x / 2)
    z *= 2
  }
  return [x, z]
}

/** A number as a WGSL float literal. Throws on what has none. */
export function wgslFloat(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`${value} is no WGSL float`)
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

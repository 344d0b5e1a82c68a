/** How containers are called here and at Docker, where two installations on one host need different names. Pure. */

/** Names that begin with `ours-` here begin with `theirs-` at Docker. */
export interface NamePrefix {
  readonly ours: string;
  readonly theirs: string;
}

/** Both directions; names with another beginning stay as they are. */
export interface ContainerNames {
  /** As Docker calls it. */
  real(name: string): string;
  /** As we call it. */
  own(name: string): string;
}

/** Without a prefix both are the same. */
export function containerNames(prefix: NamePrefix | undefined): ContainerNames {
  if (prefix === undefined || prefix.ours === prefix.theirs) return { real: (name) => name, own: (name) => name };
  const { ours, theirs } = prefix;
  return { real: (name) => exchanged(name, ours, theirs), own: (name) => exchanged(name, theirs, ours) };
}

function exchanged(name: string, from: string, to: string): string {
  return name.startsWith(`${from}-`) ? `${to}${name.slice(from.length)}` : name;
}

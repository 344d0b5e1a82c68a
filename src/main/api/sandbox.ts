/** The group `sandbox`: where the simulated world is. */
import type { ApiRoot } from './root.ts';

/** The procedures of the group. */
export function sandboxApi(root: ApiRoot, { sandboxUrl }: { readonly sandboxUrl: string | undefined }) {
  return root.sandbox.router({ info: root.sandbox.info.handler(() => ({ url: sandboxUrl ?? null })) });
}

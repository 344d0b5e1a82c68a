/** The group `settings`: the variables of the installation. */
import type { Settings } from '../settings/index.ts';
import type { ApiRoot } from './root.ts';

/** The procedures of the group. */
export function settingsApi(root: ApiRoot, { settings }: { readonly settings: Settings }) {
  return root.settings.router({
    environment: root.settings.environment.handler(() => settings.environment()),
    saveEnvironment: root.settings.saveEnvironment.handler(({ input, context }) =>
      settings.save(input.version, input.changes, context),
    ),
    history: root.settings.history.handler(async () =>
      (await settings.history()).map((change) => ({ ...change, changes: { ...change.changes } })),
    ),
  });
}

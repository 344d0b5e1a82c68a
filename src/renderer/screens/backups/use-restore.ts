/** Does what was chosen in the wizard, and says what came of it. */
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useConnection } from '../../client/context.tsx';
import { saveFile } from '../../components/save-file.ts';
import { useSay } from '../../i18n/i18n.ts';
import type { RestoreChoice } from './restore-wish.ts';

/** See the file. */
export function useRestore(id: string): (choice: RestoreChoice) => void {
  const say = useSay();
  const { client } = useConnection();
  const back = ({ clientId }: RestoreChoice) =>
    perform({
      doing: say('restore-doing', { client: clientId }),
      done: ({ rows }) => say('restore-done', { client: clientId, rows }),
      run: () => client.backups.restore({ id, clientId }),
      // The way back is the backup that was made before it.
      link: ({ safety }) =>
        safety === null
          ? { label: say('client-open'), href: hrefOf(`clients/${clientId}`) }
          : { label: say('restore-undo'), href: hrefOf('backups', { backup: safety }) },
    });
  const copy = ({ clientId, copyId }: RestoreChoice) =>
    perform({
      doing: say('restore-doing', { client: copyId }),
      done: ({ rows }) => say('restore-copied', { client: copyId, rows }),
      run: () => client.backups.restore({ id, clientId, as: copyId }),
      link: { label: say('client-open'), href: hrefOf(`clients/${copyId}`) },
    });
  const table = ({ clientId, table: name }: RestoreChoice) =>
    perform({
      doing: say('restore-saving'),
      done: ({ rows }) => say('restore-saved', { rows }),
      run: async () => {
        const { csv, rows } = await client.backups.table({ id, clientId, table: name });
        saveFile(`${clientId}-${name}-${id}.csv`, 'text/csv', [csv]);
        return { rows };
      },
    });
  return (choice) => void { back, copy, table }[choice.how](choice);
}

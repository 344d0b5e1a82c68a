/** What a backup holds: everything, or one client by its name. */
import { Name } from '../../components/name.tsx';
import { useSay } from '../../i18n/i18n.ts';

/** See the file. `company`: of the client, when it is known. */
export function ScopeName({ scope, company }: { readonly scope: string; readonly company: string | undefined }) {
  const say = useSay();
  if (scope === 'all') return <>{say('backups-everything')}</>;
  return company === undefined ? scope : <Name text={company} max={50} />;
}

/** Where packages of the stand-ins' Debian release come from: the mirrors that this machine's own apt uses. Pure. */

/** The release of which the stand-ins are made: it has PostgreSQL 17 and Redis 8. */
export const RELEASE = 'trixie';

/** Debian's own keys, as every Debian machine has them. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** What `apt-get indextargets` is asked for, one source a line. */
export const INDEX_FORMAT = '$(REPO_URI) $(RELEASE) $(COMPONENT)';

/** The lines of a source list for the release, from what apt says of its own sources; empty when it has no Debian. */
export function releaseSources(indexTargets: string): readonly string[] {
  const targets = indexTargets
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , component]) => component === 'main');
  const mirror = targets.find(([, release]) => release !== undefined && /^[a-z]+$/.test(release))?.[0];
  const security = targets.find(([, release]) => release?.endsWith('-security') === true)?.[0];
  if (mirror === undefined) return [];
  const line = (uri: string, suite: string): string => `deb [signed-by=${KEYRING}] ${uri} ${suite} main`;
  return [line(mirror, RELEASE), ...(security === undefined ? [] : [line(security, `${RELEASE}-security`)])];
}

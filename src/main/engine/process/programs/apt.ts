/** The pure part of fetching packages: apt's options and what it prints. */
import { join } from 'node:path';

/** One package file, as apt names it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  /** The file name under which apt keeps it. */
  readonly file: string;
  readonly bytes: number;
}

/** Needed by packages' scripts and by parts that never run here: LLVM, Perl, documentation, account tools. */
const SKIPPED =
  /^(libllvm.*|perl.*|libperl.*|libgdbm.*|lib.*-perl|postgresql(-client)?-common|libpq-dev|ssl-cert|openssl|adduser|passwd|init-system-helpers|lsb-base|debconf|ucf|sensible-utils|locales.*|libc-l10n|logsave|procps|libproc2?-.*|netbase|sysvinit-utils|logrotate|cron.*|libpopt0|.*-doc)$/;

/** Options that keep apt inside the cache folder: own lists and archives, the machine's sources and its list of what is installed. */
export function aptOptions(cacheDir: string): readonly string[] {
  const options = {
    'Dir::State::lists': join(cacheDir, 'apt/lists'),
    'Dir::Cache::archives': join(cacheDir, 'apt/archives'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'APT::Sandbox::User': 'root',
    'APT::Install-Recommends': 'false',
    'APT::Update::Post-Invoke': '',
    'APT::Update::Post-Invoke-Success': '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Debug::NoLocking': 'true',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** Reads `'<address>' <name>_<version>_<arch>.deb <bytes> …` lines and leaves out what never runs here. */
export function parsePrintUris(text: string): readonly Package[] {
  const packages: Package[] = [];
  for (const line of text.split('\n')) {
    const match = /^'[^']+' (([^_\s]+)_([^_\s]+)_([^_\s]+)\.deb) (\d+)/.exec(line);
    if (match === null) continue;
    const [, file = '', name = '', version = '', arch = '', bytes = '0'] = match;
    if (SKIPPED.test(name)) continue;
    packages.push({ name, version: decodeURIComponent(version), arch, file, bytes: Number(bytes) });
  }
  return packages;
}

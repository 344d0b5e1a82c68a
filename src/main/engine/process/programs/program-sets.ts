/** What a found or fetched program is, for whoever runs it. */

/** One matched set of PostgreSQL's programs, all of one version, with contrib. */
export interface PostgresPrograms {
  /** The folder that holds them. */
  readonly bin: string;
  readonly major: number;
  /** As PostgreSQL writes it: `15.13`. */
  readonly version: string;
  /** What they need in their environment beside PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  readonly psql: string;
  readonly pgDump: string;
  readonly pgRestore: string;
}

/** Redis (or a program that speaks as one) and its command line client. */
export interface RedisPrograms {
  /** The folder that holds them. */
  readonly bin: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
  readonly server: string;
  readonly cli: string;
}

/** Everything that the embedded stack runs. */
export interface Programs {
  readonly postgres: PostgresPrograms;
  readonly redis: RedisPrograms;
}

/** Where to look and whom to tell. */
export interface ProgramsOptions {
  /** The project's cache folder; fetched programs stay in `programs/` and package lists in `apt/` below it. */
  readonly cacheDir: string;
  /** Told in one sentence what takes time. */
  readonly report: (sentence: string) => void;
  /** False: ignore programs that the machine has installed. Default true. */
  readonly hostPrograms?: boolean;
}

/** Reaches an engine on another machine as Docker's own client does: through the user's `ssh`, with its keys and known hosts. */
import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';

/** Where `ssh` goes. */
export interface SshTarget {
  /** `user@host` or `host`. */
  readonly target: string;
  readonly port?: number;
}

/** One connection is one `ssh` whose two streams lead to the engine's socket. It asks nothing: there is nobody to answer. */
function dial({ target, port }: SshTarget): Duplex {
  const options = [
    '-T',
    '-o',
    'BatchMode=yes',
    '-o',
    'ConnectTimeout=5',
    ...(port === undefined ? [] : ['-p', String(port)]),
  ];
  const child = spawn('ssh', [...options, '--', target, 'docker', 'system', 'dial-stdio'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const connection = Duplex.from({ readable: child.stdout, writable: child.stdin });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-500);
  });
  child.once('error', (error) => connection.destroy(error));
  child.once('close', (code) => {
    if (code !== 0 && !connection.destroyed) connection.destroy(new Error(`ssh ${target}: ${words.trim()}`));
  });
  connection.once('close', () => child.kill());
  return Object.assign(connection, {
    setTimeout: () => connection,
    setNoDelay: () => connection,
    setKeepAlive: () => connection,
    ref: () => connection,
    unref: () => connection,
  });
}

class SshAgent extends Agent {
  readonly #target: SshTarget;

  constructor(target: SshTarget) {
    // A new `ssh` costs half a second, so a finished one is kept for the next call.
    super({ keepAlive: true, maxFreeSockets: 4 });
    this.#target = target;
  }

  override createConnection(): Duplex {
    return dial(this.#target);
  }
}

/** An agent for Node's HTTP client whose connections go through `ssh`. */
export function sshAgent(target: SshTarget): Agent {
  return new SshAgent(target);
}

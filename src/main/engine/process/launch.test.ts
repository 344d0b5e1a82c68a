import { describe, expect, it } from 'vitest';
import { launchCommand, launchProgram } from './launch.ts';

const program = { command: '/bin/server', args: ['-a'], env: { LIBS: 'own', SHARED: 'program' }, path: ['/own/bin'] };

describe('a command line', () => {
  it('carries only the given environment, the container before the program', () => {
    const { command, args, options } = launchProgram(
      program,
      { args: ['-b'], env: { SHARED: 'container' } },
      undefined,
    );
    expect([command, args]).toEqual(['/bin/server', ['-a', '-b']]);
    expect(options.env).toMatchObject({ LIBS: 'own', SHARED: 'container', LANG: 'C.UTF-8', TZ: 'UTC' });
    expect(Object.keys(options.env ?? {}).toSorted()).toEqual(['LANG', 'LIBS', 'PATH', 'SHARED', 'TZ']);
    expect(options.env?.['PATH']).toMatch(/^\/own\/bin:/);
  });

  it('ties the child to its parent after the change of user', () => {
    const identity = { kind: 'namespace', unshare: '/usr/bin/unshare' } as const;
    const launch = launchProgram({ ...program, identity, deathSignal: 'SIGINT' }, { env: {} }, '/usr/bin/setpriv');
    const line = [launch.command, ...launch.args];
    expect(line.indexOf('/usr/bin/unshare')).toBe(0);
    const tied = line.slice(line.indexOf('/usr/bin/setpriv'));
    expect(tied.slice(0, 4)).toEqual(['/usr/bin/setpriv', '--pdeathsig', 'INT', '--']);
    expect(tied.slice(-3)).toEqual([String(process.pid), '/bin/server', '-a']);
  });

  it('runs other commands as the same user', () => {
    const identity = { kind: 'user', uid: 7, gid: 8 } as const;
    const { options, args } = launchCommand({ ...program, identity }, ['dump'], {}, '/usr/bin/setpriv');
    expect(options).toMatchObject({ uid: 7, gid: 8 });
    expect(args.slice(0, 3)).toEqual(['--pdeathsig', 'KILL', '--']);
    expect(args.at(-1)).toBe('dump');
  });
});

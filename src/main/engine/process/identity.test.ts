import { describe, expect, it } from 'vitest';
import { parseUser } from './identity.ts';

describe('the list of users', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\npostgres-old:x:9:9::/:/bin/sh\npostgres:x:101:104:x,,:/var:/bin/sh\n';

  it('gives the ids of exactly the named user', () => {
    expect(parseUser(passwd, 'postgres')).toEqual({ uid: 101, gid: 104 });
    expect(parseUser(passwd, 'nobody')).toBeUndefined();
  });

  it('never gives root', () => {
    expect(parseUser(passwd, 'root')).toBeUndefined();
  });
});

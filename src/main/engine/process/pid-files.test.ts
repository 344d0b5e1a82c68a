import { describe, expect, it } from 'vitest';
import { formatRecord, isRecorded, type PidRecord, parseRecord } from './pid-files.ts';

const record: PidRecord = { pid: 42, start: '1234', command: '/a b/bin/postgres', stopSignal: 'SIGINT' };

describe('a pid file', () => {
  it('is read as it was written, and not when it was cut short', () => {
    expect(parseRecord(formatRecord(record))).toEqual(record);
    expect(parseRecord('42 1234')).toBeUndefined();
    expect(parseRecord('')).toBeUndefined();
  });

  it('means a process only when start time and program agree', () => {
    const look = { start: '1234', executable: '/a b/bin/postgres', commandLine: ['postgres'] };
    expect(isRecorded(record, look)).toBe(true);
    expect(isRecorded(record, { ...look, start: '1235' })).toBe(false);
    expect(isRecorded(record, { ...look, start: undefined })).toBe(false);
    expect(isRecorded(record, { start: '1234', executable: '/usr/bin/vi', commandLine: ['vi'] })).toBe(false);
  });

  it('means a process that has not become the program yet', () => {
    const look = { start: '1234', executable: '/usr/bin/setpriv', commandLine: ['setpriv', '--', '/a b/bin/postgres'] };
    expect(isRecorded(record, look)).toBe(true);
  });
});

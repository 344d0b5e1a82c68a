import { describe, expect, it } from 'vitest';
import { S3Error } from './s3-error.ts';
import { checkSignature } from './signature.ts';

// The published example of a GET of an object with a range.
const credentials = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const now = Date.parse('2013-05-24T00:00:00Z');
const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const request = {
  method: 'GET',
  target: '/test.txt',
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': empty,
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
};
const listing = {
  method: 'GET',
  target: '/?max-keys=2&prefix=J',
  headers: {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': empty,
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
};

function codeOf(change: Partial<typeof request>, at = now, secretKey = credentials.secretKey): string {
  try {
    checkSignature({ ...request, ...change }, { ...credentials, secretKey }, at);
  } catch (error) {
    if (error instanceof S3Error) return error.code;
    throw error;
  }
  return 'served';
}

describe('a signature', () => {
  it('of the published examples is right', () => {
    expect(codeOf({})).toBe('served');
    expect(() => checkSignature(listing, credentials, now)).not.toThrow();
    // The order on the wire does not matter.
    expect(() => checkSignature({ ...listing, target: '/?prefix=J&max-keys=2' }, credentials, now)).not.toThrow();
  });

  it('is refused when anything that was signed has changed', () => {
    expect(codeOf({ method: 'PUT' })).toBe('SignatureDoesNotMatch');
    expect(codeOf({ target: '/test2.txt' })).toBe('SignatureDoesNotMatch');
    expect(codeOf({ target: '/test.txt?x=1' })).toBe('SignatureDoesNotMatch');
    expect(codeOf({ headers: { ...request.headers, range: 'bytes=0-99' } })).toBe('SignatureDoesNotMatch');
    expect(codeOf({}, now, 'another secret')).toBe('SignatureDoesNotMatch');
  });

  it('of another key, of none, or of long ago is refused with the provider’s words', () => {
    const authorization = request.headers.authorization.replace('EXAMPLE/', 'ANOTHER/');
    expect(codeOf({ headers: { ...request.headers, authorization } })).toBe('InvalidAccessKeyId');
    expect(codeOf({ headers: { ...request.headers, authorization: '' } })).toBe('InvalidArgument');
    expect(codeOf({}, now + 16 * 60_000)).toBe('RequestTimeTooSkewed');
    expect(codeOf({}, now + 14 * 60_000)).toBe('served');
  });
});

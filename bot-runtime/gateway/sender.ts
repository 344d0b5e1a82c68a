/**
 * Who has really sent a request. Each proxy writes the address that it was called from at the END of `X-Forwarded-For`;
 * everything before it is the caller's own word. So the chain is read from its end, and the first address that is none of
 * our own proxies is the sender.
 */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A range of addresses, of one family. */
export type Range = readonly [base: Address, bits: number];

/** Parses `10.0.0.0/8, 2a02:5180::/32, 77.75.156.11`. Fails with a sentence that names the bad part. */
export function parseRanges(text: string): readonly Range[] {
  return text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(rangeOf);
}

function rangeOf(text: string): Range {
  const [base = '', bits] = text.split('/');
  const address = addressOf(base);
  const whole = address?.kind() === 'ipv4' ? 32 : 128;
  const width = bits === undefined ? whole : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (address === undefined || !(width >= 0 && width <= whole)) {
    throw new Error(`expected addresses such as 10.0.0.1 or ranges such as 10.0.0.0/8, got “${text.slice(0, 60)}”`);
  }
  return [address, width];
}

/** Undefined when it is none. IPv4 inside of IPv6 counts as what it is. */
function addressOf(text: string): Address | undefined {
  // Octal, hexadecimal and short forms are read differently by different proxies: none of them is an address here.
  const plain = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? !/(^|\.)0\d/.test(text) : text.includes(':');
  if (!plain || !ipaddr.isValid(text)) return undefined;
  return ipaddr.process(text);
}

/** Whether one of the ranges holds the address. */
export function isWithin(address: string, ranges: readonly Range[]): boolean {
  const parsed = addressOf(address);
  if (parsed === undefined) return false;
  return ranges.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits));
}

/**
 * The sender: the peer of the connection, or, when the peer is one of our proxies, the last address of the chain that is
 * none. Undefined when the chain ends in something that is no address, or holds nothing but proxies.
 */
export function senderOf(
  peer: string,
  forwardedFor: string | undefined,
  proxies: readonly Range[],
): string | undefined {
  const chain = (forwardedFor ?? '').split(',').map((part) => part.trim());
  const hops = [...(forwardedFor === undefined ? [] : chain), peer];
  for (const hop of hops.reverse()) {
    const address = addressOf(hop);
    if (address === undefined) return undefined;
    if (!isWithin(hop, proxies)) return address.toString();
  }
  return undefined;
}

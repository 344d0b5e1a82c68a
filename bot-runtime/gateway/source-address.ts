/** Who really sends a request: the last address in front of our own proxies, and whether the provider owns it. Pure. */
import ipaddr from 'ipaddr.js';

/** Ranges of addresses, each `address/bits`. */
export type Ranges = readonly string[];

/**
 * The senders of YooKassa's notifications, as its documentation lists them. They are taken as they stand: wider ranges
 * would let strangers in.
 */
export const YOOKASSA_RANGES: Ranges = [
  '185.71.76.0/27',
  '185.71.77.0/27',
  '77.75.153.0/25',
  '77.75.156.11/32',
  '77.75.156.35/32',
  '77.75.154.128/25',
  '2a02:5180::/32',
];

/**
 * The sender as the chain of trusted proxies saw it. Each proxy appends whom it heard to `X-Forwarded-For`, so the list is
 * read from its end, and only as long as the speaker before is one of ours; what stands further left anybody may have
 * written. Undefined when the chain cannot be understood.
 */
export function senderOf(peer: string, forwarded: string | undefined, trusted: Ranges): string | undefined {
  const chain = (forwarded ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  let speaker = normal(peer);
  while (speaker !== undefined && isWithin(speaker, trusted)) {
    const before = chain.pop();
    if (before === undefined) return speaker;
    speaker = normal(before);
  }
  return speaker;
}

/** True when the address lies in one of the ranges. */
export function isWithin(address: string, ranges: Ranges): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === parsed.kind() && parsed.match([network, bits]);
  });
}

/** `::ffff:1.2.3.4` is 1.2.3.4; undefined for what is no address. */
function normal(address: string): string | undefined {
  return ipaddr.isValid(address) && !/^\d+$/.test(address) ? ipaddr.process(address).toString() : undefined;
}

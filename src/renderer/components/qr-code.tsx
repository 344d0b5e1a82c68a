/** A text as a picture that a phone can read: always dark on white, because phones expect that. */
import { encode } from 'uqr';

/** See the file. */
export function QrCode({
  text,
  label,
  size = 132,
}: {
  readonly text: string;
  readonly label: string;
  readonly size?: number;
}) {
  const { data, size: cells } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      width={size}
      height={size}
      viewBox={`0 0 ${cells} ${cells}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      style={{ borderRadius: 10, border: '1px solid var(--line)' }}
    >
      <rect width={cells} height={cells} fill="#fff" />
      <path d={path} fill="#0b2523" />
    </svg>
  );
}

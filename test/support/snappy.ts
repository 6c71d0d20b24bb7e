/** A raw block of Snappy (format_description.txt): literals, and a copy wherever the last 64 characters come again. */
export function packedBlock(text: string): Buffer {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [lengthOf(bytes.length)];
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + 60);
    const isAgain = at >= 60 && piece.length === 60 && bytes.subarray(at - 60, at).equals(piece);
    parts.push(
      isAgain ? Buffer.from([0b10 | (59 << 2), 60, 0]) : Buffer.concat([Buffer.from([(piece.length - 1) << 2]), piece]),
    );
    at += piece.length;
  }
  return Buffer.concat(parts);
}

function lengthOf(length: number): Buffer {
  const bytes: number[] = [];
  for (let left = length; ; left = Math.floor(left / 128)) {
    bytes.push(left >= 128 ? (left % 128) | 128 : left);
    if (left < 128) return Buffer.from(bytes);
  }
}

/** How far away an address is. `machine`: this very one, its link, and where clouds tell it its secrets. */
export type Reach = "machine" | "private" | "public";

/**
 * Networks that are nearer than the public one, as CIDR. RFC 6890 and its kin; 168.63.129.16 is Azure's, fd00:ec2::254
 * Amazon's, 100.100.100.200 Alibaba's.
 */
export const NEAR: Readonly<Record<Exclude<Reach, "public">, readonly string[]>> = {
  machine: nets(
    "0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 168.63.129.16/32 100.100.100.200/32 ::/127 fe80::/10 fd00:ec2::254/128",
  ),
  private: nets("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 192.0.0.0/24 198.18.0.0/15 fc00::/7 fec0::/10"),
};

/** Those of IPv4 also within IPv6: mapped, translated (RFC 6052). */
function nets(text: string): readonly string[] {
  return text.split(" ").flatMap((one) => {
    const [net = "", prefix = ""] = one.split("/");
    const within = (before: string) => `${before}${net}/${96 + Number(prefix)}`;
    return net.includes(":") ? [one] : [one, within("::ffff:"), within("64:ff9b::")];
  });
}

/** What the name of an Azure VM size says: offline there is nothing else to ask. */

export interface VmSize {
  /** Absent: the name does not say it. */
  cpus?: number;
  /** In GiB; absent likewise. */
  memory?: number;
}

/** Family in capitals, vCPUs, active vCPUs of a constrained size, features in small letters, accelerator and memory, version. */
const pattern = /^Standard_([A-Z]+)(\d+)(?:-(\d+))?([a-z]*)(?:_[A-Z][A-Za-z0-9]*)?(?:_v(\d+))?$/;

/**
 * vCPUs by Azure's naming convention (learn.microsoft.com/azure/virtual-machines/vm-naming-conventions), of which
 * learn.microsoft.com/azure/virtual-machines/constrained-vcpu tells: `E32-8s_v5` has 8 of 32, and the memory of 32. Sizes
 * from before the convention count otherwise: A, D, DS and G without a version or of version 2 (`D11_v2` has 2).
 *
 * GiB of memory for each vCPU where all of a family's tables agree (learn.microsoft.com/azure/virtual-machines/sizes, series
 * D, E and F, looked up on 2026-11-21): D 4, E 8, F 2 to version 2 and then 4; with the feature `l` 2, with `m` of F 8. The
 * largest of each family have less, and so have larger Arm sizes of version 5; of those, and of all other families, nothing
 * is said.
 */
export function vmSize(name: string): VmSize {
  const [, family, count, constrained, features = "", version = "1"] = pattern.exec(name) ?? [];
  if (family === undefined || (["A", "D", "DS", "G", "GS"].includes(family) && Number(version) < (family === "A" ? 2 : 3))) return {};
  const whole = Number(count);
  return { cpus: Number(constrained ?? whole), memory: memory({ family, whole, features, version: Number(version) }) };
}

function memory({ family, whole, features, version }: { family: string; whole: number; features: string; version: number }): number | undefined {
  const arm = features.includes("p");
  // Isolated sizes, and features that change the ratio otherwise.
  if (/[eft]/.test(features) || features.includes("i")) return undefined;
  const little = features.includes("l");
  const much = features.includes("m");
  switch (family) {
    case "D":
      return version < 3 || much || whole > (arm ? 32 : 48) ? undefined : whole * (little ? 2 : 4);
    case "E":
      return version < 3 || much || little || whole > (arm ? 20 : 48) ? undefined : whole * 8;
    case "F":
      return whole > 64 || (version <= 2 && (much || little)) ? undefined : whole * (version <= 2 || little ? 2 : much ? 8 : 4);
    default:
      return undefined;
  }
}

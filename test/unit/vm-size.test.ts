/** What is said of a VM size, against the tables of learn.microsoft.com/azure/virtual-machines/sizes (looked up on 2026-11-21). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { vmSize } from "../../cli/render/tenants/vm-size.ts";

describe("a VM size's name", () => {
  const known: Record<string, [cpus: number, memory: number]> = {
    Standard_D2ds_v5: [2, 8],
    Standard_D4ds_v5: [4, 16],
    Standard_D48s_v7: [48, 192],
    Standard_D8_v3: [8, 32],
    Standard_D16als_v6: [16, 32],
    Standard_D4lds_v5: [4, 8],
    Standard_D32ps_v5: [32, 128],
    Standard_E8ds_v5: [8, 64],
    Standard_E48s_v3: [48, 384],
    Standard_E20ps_v5: [20, 160],
    "Standard_E32-8s_v5": [8, 256],
    "Standard_E8-4as_v4": [4, 64],
    Standard_E4bds_v5: [4, 32],
    Standard_F4s_v2: [4, 8],
    Standard_F16: [16, 32],
    Standard_F8als_v6: [8, 16],
    Standard_F32as_v7: [32, 128],
    Standard_F2ams_v6: [2, 16],
  };
  for (const [name, [cpus, memory]] of Object.entries(known)) {
    test(`${name}: ${cpus} CPUs and ${memory} GiB`, () => assert.deepEqual(vmSize(name), { cpus, memory }));
  }

  // By their families' ratio these would have another size than the tables say, or the tables have no ratio.
  const cpusOnly: Record<string, number> = {
    Standard_E64s_v3: 64, // 432
    Standard_E96s_v5: 96, // 672
    Standard_E104is_v5: 104, // 672
    Standard_E32ps_v5: 32, // 208
    Standard_D64ps_v5: 64, // 208
    Standard_F72s_v2: 72,
    Standard_B2ms: 2, // 8, while B2s has 4
    Standard_L8s_v3: 8,
    Standard_DC4as_v5: 4,
    Standard_FX4ms_v2: 4,
    Standard_M416ms_v2: 416,
    "Standard_M128-32ms": 32,
    Standard_NC24ads_A100_v4: 24,
    Standard_NV16as_v4: 16,
    Standard_A2m_v2: 2,
  };
  for (const [name, cpus] of Object.entries(cpusOnly)) {
    test(`${name}: ${cpus} CPUs, memory not known`, () => assert.deepEqual(vmSize(name), { cpus, memory: undefined }));
  }

  // The number in these names counts no CPUs: D11_v2 and DS11_v2 have 2, G1 2, A5 2.
  for (const name of ["Standard_D11_v2", "Standard_DS11_v2", "Standard_DS3_v2", "Standard_D3", "Standard_G1", "Standard_GS5", "Standard_A5", "Standard_unheard", "Standard_M96ds_1_v3"]) {
    test(`${name}: nothing`, () => assert.deepEqual(vmSize(name), {}));
  }
});

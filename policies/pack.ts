/** Serves the rules to the engine: `pulumi preview --policy-pack policies`. */
import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules.ts";

new PolicyPack("mooring", { enforcementLevel: "mandatory", policies: rules });

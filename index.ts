import { Platform } from "./components/platform.ts";
import { loadSettings } from "./components/settings/load.ts";

const platform = await Platform.create("mooring", loadSettings());
export const { cluster, registry, pipelines, tenants } = platform.summary;

/** Every attack: the first two are those that got through Flux's own lockdown on a live cluster. */
import type { Attack } from "../attack.ts";
import { accounts } from "./accounts.ts";
import { cluster } from "./cluster.ts";
import { controllers } from "./controllers.ts";
import { furtherAccess } from "./further-access.ts";
import { furtherPods } from "./further-pods.ts";
import { limits } from "./limits.ts";
import { network } from "./network.ts";
import { references } from "./references.ts";
import { sources } from "./sources.ts";

const reproduced = [13, 5];
const rank = ({ number }: Attack): number => (reproduced.includes(number) ? reproduced.indexOf(number) - reproduced.length : number);

export const attacks: Attack[] = [controllers, accounts, references, cluster, sources, network, limits, furtherPods, furtherAccess].flat().sort((a, b) => rank(a) - rank(b));

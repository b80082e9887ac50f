/** Resources that exist, as Azure describes them. */
import { AzError } from "../az.ts";
import type { Az } from "../az.ts";
import type { Execution } from "../execute.ts";

/** In Azure Resource Manager's own form: what is the resource's own stands under `properties`. */
export interface ArmResource {
  id: string;
  name: string;
  properties?: Record<string, unknown>;
}

/**
 * Looks resources up by their ids, each once; `undefined` when there is none, or none that the caller may know of.
 *
 * `az resource show` asks for the newest stable version of the type's API and takes an id of any subscription
 * (azure-cli, `command_modules/resource/custom.py`). Throws an `AzError` for anything but a resource that is not there.
 */
export class Resources {
  private readonly az: Az;
  private readonly asked = new Map<string, Promise<ArmResource | undefined>>();

  constructor(az: Az) {
    this.az = az;
  }

  find(id: string): Promise<ArmResource | undefined> {
    const key = id.toLowerCase();
    const answer = this.asked.get(key) ?? this.ask(id);
    this.asked.set(key, answer);
    return answer;
  }

  private async ask(id: string): Promise<ArmResource | undefined> {
    try {
      return (await this.az.read(["resource", "show", "--ids", id])) as ArmResource;
    } catch (error) {
      if (error instanceof AzError && isNotFound(error.execution)) return undefined;
      throw error;
    }
  }
}

/** By the code of Azure Resource Manager's error, which `az` puts before its message; `az rest` shows the answer's status instead. */
export function isNotFound({ stderr }: Execution): boolean {
  return /\((Subscription|ResourceGroup|Resource|ParentResource)?NotFound\)|^ERROR: Not Found\(/m.test(stderr);
}

/** Where Flux's controllers run, and what Flux does for the platform itself. */
export const fluxNamespace = "flux-system";

/** A federated credential. */
export interface TrustSettings {
  name: string;
  issuer: string;
  subject: string;
}

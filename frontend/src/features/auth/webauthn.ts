/** What the browser does with passkeys, in the bytes (base64url) and names of the API. */

type Creation = {
  challenge: string;
  relyingParty: string;
  relyingPartyName: string;
  userHandle: string;
  username: string;
  displayName: string;
  algorithms: number[];
  exclude: string[];
};
type Request = { challenge: string; relyingParty: string };

const toText = (bytes: ArrayBuffer | null) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer())))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const toBytes = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));

export const knowsPasskeys = () => typeof PublicKeyCredential === 'function';

/** Has an authenticator make a passkey that it finds again without being told a name. */
export async function createPasskey(creation: Creation) {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: toBytes(creation.challenge),
      rp: { id: creation.relyingParty, name: creation.relyingPartyName },
      user: { id: toBytes(creation.userHandle), name: creation.username, displayName: creation.displayName },
      pubKeyCredParams: creation.algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: creation.exclude.map((id) => ({ type: 'public-key', id: toBytes(id) })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
    },
  });
  const { response } = made as PublicKeyCredential;
  const { clientDataJSON, attestationObject } = response as AuthenticatorAttestationResponse;
  return { clientData: toText(clientDataJSON), attestationObject: toText(attestationObject) };
}

/** Has the owner of a passkey prove that it is them; which one, they choose. */
export async function askPasskey(request: Request) {
  const found = await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(request.challenge),
      rpId: request.relyingParty,
      userVerification: 'required',
    },
  });
  const { rawId, response } = found as PublicKeyCredential;
  const answer = response as AuthenticatorAssertionResponse;
  return {
    credentialId: toText(rawId),
    userHandle: toText(answer.userHandle),
    clientData: toText(answer.clientDataJSON),
    authenticatorData: toText(answer.authenticatorData),
    signature: toText(answer.signature),
  };
}

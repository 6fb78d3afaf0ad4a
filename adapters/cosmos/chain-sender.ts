// The chain's transaction sender, made when first needed: a chain without a signer can still be read.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "./context.ts";
import { createLocalSigner } from "./submit/local-signer.ts";
import { createSender } from "./submit/sender.ts";
import type { Sender } from "./submit/sender.ts";

/** The returned function throws INVALID_CONFIG without a signer, MISSING_SECRET without its secret. */
export function lazySender(context: ChainContext): () => Promise<Sender> {
  const { config, dependencies } = context;
  let opened: Sender | undefined;
  return async () => {
    if (config.signer === undefined)
      throw new CausewayError("INVALID_CONFIG", `${config.chainId} has no signer, so nothing can be sent there`, {
        hint: `set \`signer\` of ${config.chainId} to a reference of a private key`,
      });
    opened ??= createSender(
      context,
      await createLocalSigner(await dependencies.readSecret(config.signer), config.accountPrefix),
    );
    return opened;
  };
}

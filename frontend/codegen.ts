import { createHash } from 'node:crypto';
import type { CodegenConfig } from '@graphql-codegen/cli';

/** The name of a document, by which the server knows it too: GraphQL over HTTP's appendix on persisted documents. */
const documentId = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**'],
  ignoreNoDocuments: true,
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { mode: 'replaceDocumentWithHash', hashPropertyName: 'id', hashAlgorithm: documentId },
      },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { DateTime: 'string' },
        useTypeImports: true,
      },
    },
  },
};
export default config;

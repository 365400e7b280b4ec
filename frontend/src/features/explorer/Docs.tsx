import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { useState } from 'react';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { SearchInput } from '~/ui/SearchInput';
import css from './Docs.module.css';

type Props = { schema: GraphQLSchema; at: string | undefined; onPick(name: string | undefined): void };

/** The schema's own documentation: three roots, a search, and every type from there. */
export function Docs({ schema, at, onPick }: Props) {
  const { t } = useI18n();
  const [text, setText] = useState('');
  const type = at === undefined ? undefined : schema.getType(at);
  if (type)
    return (
      <>
        <Button small icon="back" onClick={() => onPick(undefined)}>
          {t.explorer.allTypes}
        </Button>
        <TypeDocs schema={schema} type={type} onPick={onPick} />
      </>
    );
  const found = text ? find(schema, text) : roots(schema);
  return (
    <>
      <SearchInput value={text} label={t.explorer.find} onCommit={setText} />
      {found.length === 0 && <p>{t.explorer.nothing(text)}</p>}
      <ul className={css.list}>
        {found.map(({ type, field }) => (
          <li key={`${type.name}.${field ?? ''}`}>
            <TypeLink type={type} onPick={onPick} />
            {field && <code>.{field}</code>}
            {!field && <p>{type.description}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

type Found = { type: GraphQLNamedType; field?: string };

const roots = (schema: GraphQLSchema): Found[] =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    type ? [{ type }] : [],
  );

function find(schema: GraphQLSchema, text: string): Found[] {
  const holds = (name: string) => name.toLowerCase().includes(text.toLowerCase());
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const named = types.filter(({ name }) => holds(name)).map((type) => ({ type }));
  const fields = types.flatMap((type) =>
    fieldsOf(type)
      .filter(({ name }) => holds(name))
      .map(({ name }) => ({ type, field: name })),
  );
  return [...named, ...fields].slice(0, 60);
}

type AnyField = GraphQLField<unknown, unknown> | GraphQLInputField;
const fieldsOf = (type: GraphQLNamedType): AnyField[] =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];

function TypeDocs({
  schema,
  type,
  onPick,
}: {
  schema: GraphQLSchema;
  type: GraphQLNamedType;
  onPick: Props['onPick'];
}) {
  const { t } = useI18n();
  return (
    <section className={css.type} aria-label={type.name}>
      <h3>{type.name}</h3>
      {type.description && <p>{type.description}</p>}
      <ul className={css.list}>
        {fieldsOf(type).map((field) => (
          <li key={field.name}>
            <code>{field.name}</code>
            {'args' in field && <Arguments args={field.args} onPick={onPick} />}
            <TypeLink type={field.type} onPick={onPick} />
            {field.description && <p>{field.description}</p>}
            {field.deprecationReason && (
              <p className={css.old}>
                {t.explorer.deprecated}: {field.deprecationReason}
              </p>
            )}
          </li>
        ))}
        {isEnumType(type) &&
          type.getValues().map(({ name, description }) => (
            <li key={name}>
              <code>{name}</code>
              {description && <p>{description}</p>}
            </li>
          ))}
        {isAbstractType(type) &&
          schema.getPossibleTypes(type).map((one) => (
            <li key={one.name}>
              <TypeLink type={one} onPick={onPick} />
              {one.description && <p>{one.description}</p>}
            </li>
          ))}
      </ul>
    </section>
  );
}

function Arguments({ args, onPick }: { args: readonly GraphQLArgument[]; onPick: Props['onPick'] }) {
  if (!args.length) return null;
  return (
    <ul className={css.arguments}>
      {args.map(({ name, type, description }) => (
        <li key={name} title={description ?? undefined}>
          <code>{name}</code> <TypeLink type={type} onPick={onPick} />
        </li>
      ))}
    </ul>
  );
}

/** `[User!]!` as one link to `User`. */
function TypeLink({ type, onPick }: { type: GraphQLType; onPick: Props['onPick'] }) {
  return (
    <button type="button" className={css.link} onClick={() => onPick(getNamedType(type).name)}>
      {String(type)}
    </button>
  );
}

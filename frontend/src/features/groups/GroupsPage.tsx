import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { columnsQuery, peopleQuery } from '~/features/admin/access';
import { useI18n } from '~/locales';
import { Button, LinkButton } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { Failed, Say, Skeleton } from '~/ui/states';
import { GroupCard } from './GroupCard';
import css from './GroupsPage.module.css';
import { groupsQuery, useCreateGroup } from './groups';
import { NameGroup } from './NameGroup';

/** Sets of people that get the same boxes. */
export function GroupsPage() {
  const { t } = useI18n();
  const g = t.groups;
  const [adding, add] = useDisclosure();
  const create = useCreateGroup();
  const addButton = useRef<HTMLButtonElement>(null);
  const groups = useQuery(groupsQuery);
  const people = useQuery(peopleQuery);
  const columns = useQuery(columnsQuery);
  const error = groups.error ?? people.error ?? columns.error;
  const ready = groups.data && people.data && columns.data;
  return (
    <>
      <PageHead
        title={g.title}
        acts={
          <>
            <LinkButton to="/people">{t.admin.title}</LinkButton>
            <Button main icon="plus" onClick={add.open} ref={addButton}>
              {g.add}
            </Button>
          </>
        }
      >
        {g.lead}
      </PageHead>
      {!ready &&
        (error ? (
          <Failed
            what={g.failed}
            error={error}
            onRetry={() => Promise.all([groups.refetch(), people.refetch(), columns.refetch()])}
          />
        ) : (
          <Skeleton rows={4} tall />
        ))}
      {groups.data?.length === 0 && (
        <Say title={g.none} act={<Button onClick={add.open}>{g.add}</Button>}>
          {g.noneWhy}
        </Say>
      )}
      {ready && (
        <div className={css.groups}>
          {groups.data.map((group) => (
            <GroupCard
              key={group.id}
              group={group}
              people={people.data}
              columns={columns.data}
              onDeleted={() => addButton.current?.focus()}
            />
          ))}
        </div>
      )}
      {adding && (
        <NameGroup
          title={g.add}
          verb={g.create}
          initial=""
          change={create}
          input={(name) => name}
          said={g.added}
          onClose={add.close}
        />
      )}
    </>
  );
}

import { Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useI18n } from '~/locales';
import { Button, IconButton } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { Icon } from '~/ui/Icon';
import menu from '~/ui/Menu.module.css';
import { Mono } from '~/ui/Mono';
import { PageHead } from '~/ui/PageHead';
import { SearchInput } from '~/ui/SearchInput';
import { Status } from '~/ui/Status';
import { Failed, Say, Skeleton, useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import { type CataloguePage, catalogueQuery, useDeletePage } from './catalogue';
import { PageForm } from './PageForm';
import { PageIcon } from './PageIcon';
import css from './PagesPage.module.css';

/** The catalogue, for admins. */
export function PagesPage({ q, onFilter }: { q: string; onFilter(q: string): void }) {
  const { t } = useI18n();
  const p = t.pages;
  const [adding, add] = useDisclosure();
  const { data, error, refetch } = useQuery(catalogueQuery);
  const text = q.toLowerCase();
  const shown = data?.filter((page) => `${page.name} ${page.url} ${page.category}`.toLowerCase().includes(text));
  return (
    <>
      <PageHead
        title={p.title}
        acts={
          <Button main icon="plus" onClick={add.open}>
            {p.add}
          </Button>
        }
      >
        {p.leadWhy}
      </PageHead>
      <div className={css.bar}>
        <SearchInput label={p.filter} value={q} onCommit={onFilter} />
      </div>
      <div className={css.wide}>
        {!data && (error ? <Failed what={p.failed} error={error} onRetry={refetch} /> : <Skeleton rows={6} tall />)}
        {data?.length === 0 && <Say title={p.noneAdmin} act={<Button onClick={add.open}>{p.addFirst}</Button>} />}
        {!!data?.length && shown?.length === 0 && (
          <Say title={p.noMatch(q)} act={<Button onClick={() => onFilter('')}>{t.states.clearFilter}</Button>} />
        )}
        {!!shown?.length && <Catalogue pages={shown} all={data ?? []} />}
      </div>
      {adding && <PageForm pages={data ?? []} onClose={add.close} />}
    </>
  );
}

function Catalogue({ pages, all }: { pages: CataloguePage[]; all: CataloguePage[] }) {
  const { t } = useI18n();
  const { columns } = t.pages;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: as a grid on a phone the table would lose its meaning
    <table className={css.pages} role="table">
      <thead>
        <tr>
          <th scope="col">{columns.page}</th>
          <th scope="col">{columns.category}</th>
          <th scope="col">{columns.health}</th>
          <th scope="col">{columns.opens}</th>
          <th scope="col">
            <VisuallyHidden>{columns.acts}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <tbody role="rowgroup">
        {pages.map((page) => (
          <Row key={page.id} page={page} all={all} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ page, all }: { page: CataloguePage; all: CataloguePage[] }) {
  const { t } = useI18n();
  const p = t.pages;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <tr role="row">
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.page}>
        <PageIcon name={page.name} icon={page.icon ?? null} />
        <div>
          <b>{page.name}</b>
          <small>{page.url}</small>
          {page.discoveredFrom && <small>{page.discoveredFrom}</small>}
        </div>
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.category}>
        {page.category}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.health}>
        <Health page={page} />
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.opens}>
        {page.forEveryone ? p.everybody : p.byBoxes}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.menu}>
        <Acts page={page} all={all} />
      </td>
    </tr>
  );
}

function Health({ page }: { page: CataloguePage }) {
  const { t } = useI18n();
  const p = t.pages;
  const since = page.healthSince && <Time at={page.healthSince} kind="moment" />;
  if (page.health === 'DOWN')
    return (
      <>
        <Status tone="critical">
          {p.down} {since}
        </Status>
        {page.problem && (
          <small>
            <Mono>{page.problem}</Mono>
          </small>
        )}
      </>
    );
  if (page.health === 'UP')
    return (
      <Status tone="ok">
        {p.upSince} {since}
      </Status>
    );
  return <Status tone="unknown">{page.probed ? p.noData : p.notProbed}</Status>;
}

function Acts({ page, all }: { page: CataloguePage; all: CataloguePage[] }) {
  const { t } = useI18n();
  const p = t.pages;
  const reason = useReason();
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const remove = useDeletePage();
  const close = () => setOpen(undefined);
  return (
    <>
      <Menu
        position="bottom-end"
        withInitialFocusPlaceholder={false}
        transitionProps={{ duration: 120 }}
        classNames={menu}
      >
        <Menu.Target>
          <IconButton icon="more" label={p.actsFor(page.name)} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="pen" />} onClick={() => setOpen('edit')}>
            {t.app.edit}
          </Menu.Item>
          {!page.discoveredFrom && (
            <Menu.Item leftSection={<Icon name="x" />} onClick={() => setOpen('delete')}>
              {p.remove}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {open === 'edit' && <PageForm page={page} pages={all} onClose={close} />}
      {open === 'delete' && (
        <Confirm
          title={p.deleteTitle(page.name)}
          opened
          onClose={close}
          verb={p.remove}
          busy={remove.isPending}
          error={remove.error && reason(remove.error)}
          onConfirm={() =>
            remove.mutate(page.id, {
              onSuccess: () => {
                toast.well(p.deleted(page.name));
                close();
              },
            })
          }
        >
          {p.deleteWhy}
        </Confirm>
      )}
    </>
  );
}

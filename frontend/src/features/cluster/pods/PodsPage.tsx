import { ListPage } from '../list/ListPage';
import type { ListSearch } from '../list/search';
import { usePodList } from './list';

type Props = { search: ListSearch; onSearch(search: ListSearch): void };

export const PodsPage = (props: Props) => <ListPage list={usePodList()} {...props} />;

import { ListPage } from '../list/ListPage';
import type { ListSearch } from '../list/search';
import { useEventList } from './list';

type Props = { search: ListSearch; onSearch(search: ListSearch): void };

export const EventsPage = (props: Props) => <ListPage list={useEventList()} {...props} />;

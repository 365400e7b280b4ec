import ReactMarkdown from 'react-markdown';
import gfm from 'remark-gfm';
import { useI18n } from '~/locales';
import css from './Markdown.module.css';

/**
 * What people write. Raw HTML is never rendered and only harmless link schemes survive; an image is a link to it,
 * because loading it would tell its host who reads.
 */
export default function Markdown({ children }: { children: string }) {
  const { t } = useI18n();
  return (
    <div className={css.prose}>
      <ReactMarkdown
        remarkPlugins={[gfm]}
        components={{
          a: ({ node, ...props }) => <a {...props} rel="noopener noreferrer nofollow" target="_blank" />,
          img: ({ src, alt }) => (
            <a href={typeof src === 'string' ? src : undefined} rel="noopener noreferrer nofollow" target="_blank">
              {t.boards.imageLink(alt || '')}
            </a>
          ),
          // The page has one h1, the title of the post.
          h1: ({ node, ...props }) => <h2 {...props} />,
          table: ({ node, ...props }) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            <div className={css.scroll} tabIndex={0}>
              <table {...props} />
            </div>
          ),
        }}
      >
        {children}
      </ReactMarkdown>
    </div>
  );
}

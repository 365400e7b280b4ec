import { Children, cloneElement, type ElementType, type ReactElement, type ReactNode, type Ref } from 'react';

type Props = {
  as?: ElementType;
  forwardProps?: boolean;
  children?: ReactNode;
  className?: string;
  style?: object;
  ref?: Ref<unknown>;
};

/**
 * Stands in for react-remove-scroll (see the alias in vite.config.ts), which injects a <style> element that the
 * content security policy refuses. The page is held still by one rule in base.css instead.
 */
function Base({ as: Tag = 'div', forwardProps, children, className, style, ref }: Props) {
  if (forwardProps) return cloneElement(Children.only(children) as ReactElement<object>, { ref, className } as object);
  return (
    <Tag ref={ref} className={className} style={style}>
      {children}
    </Tag>
  );
}

export const RemoveScroll = Object.assign(Base, { classNames: { fullWidth: '', zeroRight: '' } });
export default RemoveScroll;

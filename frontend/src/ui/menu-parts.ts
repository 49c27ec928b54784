export { Layer } from './layers.ts';
/** What `Menu` is made of, apart from it so that it needn't be there before the first menu is opened. */
export {
  Content,
  Item,
  ItemIndicator,
  Label,
  Portal,
  RadioGroup,
  RadioItem,
  Root,
  Separator,
  Trigger,
} from '@radix-ui/react-dropdown-menu';

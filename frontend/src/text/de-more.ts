import { enMore, type More } from './en-more';
export const deMore: More = enMore;

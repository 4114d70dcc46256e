import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { isRefusal } from '@billtrail/kernel';
import { validated, type CommandClass } from '@billtrail/application';
import { Refused } from './refused.js';

/** Checks query parameters by their class, as commands are checked: unknown ones are refused, all problems come at once. */
@Injectable()
export class CheckedQueryPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if (type !== 'query' || metatype === undefined || metatype === Object) return value;
    const checked = await validated(metatype as CommandClass, value as object);
    if (isRefusal(checked)) throw new Refused(checked);
    return checked;
  }
}

import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { isRefusal } from '@billtrail/kernel';
import { validated, type CommandClass } from '@billtrail/application';
import { Refused } from './refused.js';

/** Validates query parameters by their class, as commands are: unknown ones are refused, and all problems are reported at once. */
@Injectable()
export class CheckedQueryPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if (type !== 'query' || metatype === undefined || metatype === Object) return value;
    const checked = await validated(metatype as CommandClass, value as object, 'query parameter');
    if (isRefusal(checked)) throw new Refused(checked);
    return checked;
  }
}

import { IsOptional } from 'class-validator';
import { Field } from '@billtrail/application';
import { shape, type Shape } from '@billtrail/kernel';

const MAX_ARGUMENTS = 1_000;
const MAX_FILES = 20;
/** The body of a request is smaller. */
const MAX_CHARACTERS = 1_000_000;
/** As it was typed or stands in a file: what it may hold, the command says, as at a terminal. */
const raw: Shape<string> = { type: 'string', maxLength: MAX_CHARACTERS };

/** A command as it was typed, with the files that it names. */
export class CommandLineBody {
  /** What stands after `billtrail`. */
  @Field(shape.list(raw, MAX_ARGUMENTS))
  arguments: string[];
  /** The texts of files, by the names that are typed. No file of the server is read. */
  @IsOptional()
  @Field(shape.list(shape.object({ name: raw, text: raw }), MAX_FILES))
  files?: { name: string; text: string }[];
}

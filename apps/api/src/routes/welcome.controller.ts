import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/access-policy.js';

@ApiTags('Health')
@Controller()
@Public()
export class WelcomeController {
  @Get()
  @ApiOperation({ summary: 'Describe this API and where to start' })
  welcome() {
    return {
      name: 'Billtrail',
      promise: 'No work on a resolved ticket goes unbilled without an auditable gap.',
      documentation: '/docs',
      openapi: '/openapi.json',
      health: '/health/ready',
      signIn:
        'Authorization: Bearer KEY; the first start printed a key, "npm run -s billtrail -- key new" makes another.',
    };
  }
}

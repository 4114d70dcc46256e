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
      description:
        'Billing for managed service providers: prices the work on every ticket, invoices it, and lists what was missed.',
      documentation: '/docs',
      openapi: '/openapi.json',
      health: '/health/ready',
      signIn:
        'Authorization: Bearer KEY. The first start printed how to get one; an administrator makes others: npm run -s billtrail -- key new --person ID --role admin, with an id from person list',
    };
  }
}

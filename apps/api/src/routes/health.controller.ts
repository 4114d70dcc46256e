import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Billtrail, readinessOf } from '@billtrail/application';
import { Public } from '../access/access-policy.js';

/** For anybody: nothing here names a client, a stream or an event. */
@ApiTags('Health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly billtrail: Billtrail) {}

  @Get('live')
  @ApiOperation({ summary: 'Check that the process answers' })
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Check log, vault, and that read models keep up' })
  @ApiResponse({ status: 200, description: 'All is well' })
  @ApiResponse({ status: 503, description: 'Something is not, or lags behind' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const readiness = await readinessOf(this.billtrail);
    void reply.status(readiness.status === 'ready' ? 200 : 503);
    const { numbering } = readiness;
    // Where the log is at home is told by `billtrail health`. Why one stopped names the event that it could not take: `billtrail health` tells that. Why a policy could not do something is told by the server's log.
    return {
      ...readiness,
      numbering: numbering && { why: numbering.why, remedy: numbering.remedy },
      readModels: readiness.readModels.map(({ error: _error, ...told }) => told),
      policies: readiness.policies.map(({ cause: _cause, ...told }) => told),
    };
  }
}

/** All commands of `caseqa`, in the order in which people need them. */
import type { Command } from "./command.ts";
import {
  configGetCommand,
  configHistoryCommand,
  configValidateCommand,
} from "./commands/config-read.ts";
import { configEditCommand, configSetCommand } from "./commands/config-write.ts";
import { diffCommand } from "./commands/diff.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { initCommand } from "./commands/init.ts";
import { installCommand } from "./commands/install.ts";
import {
  linksCreateCommand,
  linksDeleteCommand,
  linksFindCommand,
  linksListCommand,
  linksRepairCommand,
} from "./commands/links.ts";
import { lintCommand } from "./commands/lint.ts";
import { rollbackCommand } from "./commands/rollback.ts";
import { statusCommand } from "./commands/status.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { disableCommand, enableCommand } from "./commands/switch.ts";
import { testEventCommand } from "./commands/test-event.ts";
import {
  syncPlanCommand,
  syncStartCommand,
  syncStatusCommand,
  syncStopCommand,
} from "./commands/sync.ts";
import { uninstallCommand } from "./commands/uninstall.ts";
import { upgradeCommand } from "./commands/upgrade.ts";

export const COMMANDS: readonly Command[] = [
  initCommand,
  lintCommand,
  installCommand,
  statusCommand,
  doctorCommand,
  testEventCommand,
  diffCommand,
  upgradeCommand,
  rollbackCommand,
  disableCommand,
  enableCommand,
  uninstallCommand,
  configGetCommand,
  configSetCommand,
  configEditCommand,
  configValidateCommand,
  configHistoryCommand,
  linksListCommand,
  linksFindCommand,
  linksCreateCommand,
  linksDeleteCommand,
  linksRepairCommand,
  sweepCommand,
  syncPlanCommand,
  syncStartCommand,
  syncStatusCommand,
  syncStopCommand,
];

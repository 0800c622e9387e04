/** Which rules there are. */
import type { Rule } from "../rule.ts";
import { builtInParameters } from "./built-in-parameters.ts";
import { bundleValidation } from "./bundle-validation.ts";
import { catchNotAllowed, catchReplacesData, errorEquals } from "./catch.ts";
import {
  choiceNoDefault,
  isPresentNull,
  malformedRule,
  timestampOperand,
  unknownOperator,
} from "./choice.ts";
import { connectionHost } from "./connection-host.ts";
import { credentialLeaves, credentialStored } from "./credential-leaves.ts";
import { danglingNext } from "./dangling-next.ts";
import { impossiblePath, missingParameter, unsurePath } from "./data.ts";
import { eventItems, eventMember } from "./event-data.ts";
import { eventType } from "./event-type.ts";
import { foreignMember } from "./foreign-member.ts";
import { actionTarget, connectionName, headerShape, secretLiteral } from "./http-action.ts";
import { iterationRoot } from "./iteration-root.ts";
import { iteratorJump } from "./iterator-jump.ts";
import { mapEmpty, mapItem } from "./map-empty.ts";
import { actionName, duplicateName } from "./names.ts";
import { nearLimit } from "./near-limit.ts";
import { nextAndEnd } from "./next-and-end.ts";
import { noCredential } from "./no-credential.ts";
import { noWayToEnd } from "./no-way-to-end.ts";
import { openPathSegment } from "./open-path-segment.ts";
import {
  connectionPath,
  literalPath,
  malformedPath,
  malformedPlaceholder,
  notAPath,
  passTemplate,
} from "./paths.ts";
import { integrationName, mixedIntegrations, unknownAction, unknownFlow } from "./references.ts";
import { noResultPath } from "./result-path.ts";
import { secretInMessage } from "./secret-in-message.ts";
import { missingMember, unknownMember, unknownType, wrongType, wrongValue } from "./shape.ts";
import { unboundedLoop } from "./unbounded-loop.ts";
import { unreachableState } from "./unreachable-state.ts";
import { urlWithoutConnection } from "./url-without-connection.ts";
import { waitSeconds } from "./wait-seconds.ts";

/** All rules over a bundle. Mistakes in the JSON text itself are reported by its reader. */
export const RULES: readonly Rule[] = [
  bundleValidation,
  unknownMember,
  missingMember,
  wrongType,
  wrongValue,
  unknownType,
  foreignMember,
  duplicateName,
  actionName,
  unknownAction,
  unknownFlow,
  eventType,
  integrationName,
  mixedIntegrations,
  danglingNext,
  iteratorJump,
  nextAndEnd,
  unreachableState,
  noWayToEnd,
  unboundedLoop,
  nearLimit,
  waitSeconds,
  catchNotAllowed,
  errorEquals,
  catchReplacesData,
  unknownOperator,
  malformedRule,
  timestampOperand,
  choiceNoDefault,
  isPresentNull,
  mapEmpty,
  mapItem,
  noResultPath,
  malformedPath,
  malformedPlaceholder,
  notAPath,
  literalPath,
  passTemplate,
  connectionPath,
  impossiblePath,
  unsurePath,
  iterationRoot,
  eventMember,
  eventItems,
  missingParameter,
  builtInParameters,
  actionTarget,
  headerShape,
  connectionName,
  secretLiteral,
  secretInMessage,
  urlWithoutConnection,
  noCredential,
  connectionHost,
  credentialLeaves,
  credentialStored,
  openPathSegment,
];

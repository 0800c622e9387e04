/** The org's description of itself: resources, limits, objects and their fields. */
import type { FieldSchema, ObjectSchema, Schema } from "../schema.ts";
import { objectOf, type Answer, type Call, type Operation, type RestDeps } from "./operation.ts";

const SOAP_TYPES: Readonly<Record<FieldSchema["type"], string>> = {
  id: "tns:ID",
  reference: "tns:ID",
  string: "xsd:string",
  email: "xsd:string",
  phone: "xsd:string",
  picklist: "xsd:string",
  textarea: "xsd:string",
  boolean: "xsd:boolean",
  double: "xsd:double",
  datetime: "xsd:dateTime",
  date: "xsd:date",
};

function describeField(field: FieldSchema) {
  const custom = field.name.endsWith("__c");
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    soapType: SOAP_TYPES[field.type],
    length: field.length,
    byteLength: field.countsBytes ? field.length : field.length * 3,
    nillable: field.nillable,
    createable: field.createable,
    updateable: field.updateable,
    defaultedOnCreate: field.defaultValue !== null || field.autoNumber,
    defaultValue: field.defaultValue,
    filterable: field.filterable,
    sortable: field.type !== "textarea",
    groupable: field.filterable && !field.autoNumber,
    unique: field.unique,
    caseSensitive: false,
    externalId: field.externalId,
    idLookup: field.idLookup,
    autoNumber: field.autoNumber,
    calculated: false,
    custom,
    encrypted: false,
    compoundFieldName: null,
    restrictedPicklist: false,
    picklistValues: field.picklistValues.map((value) => ({
      value,
      label: value,
      active: true,
      defaultValue: value === field.defaultValue,
      validFor: null,
    })),
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    polymorphicForeignKey: field.referenceTo.length > 1,
  };
}

/** The part of an object's description that the list of objects shows. */
function summary(object: ObjectSchema, call: Call) {
  const base = `${call.basePath}/sobjects/${object.name}`;
  const isDeletable = object.fieldsByName.has("isdeleted");
  return {
    name: object.name,
    label: object.label,
    labelPlural: object.labelPlural,
    keyPrefix: object.keyPrefix,
    custom: object.name.endsWith("__c"),
    customSetting: false,
    deprecatedAndHidden: false,
    createable: true,
    updateable: true,
    deletable: isDeletable,
    undeletable: isDeletable,
    queryable: true,
    retrieveable: true,
    searchable: true,
    replicateable: true,
    feedEnabled: false,
    layoutable: true,
    mergeable: false,
    triggerable: true,
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  };
}

function childRelationships(object: ObjectSchema, schema: Schema) {
  return schema.objects.flatMap((child) =>
    child.fields
      .filter((field) => field.referenceTo.includes(object.name))
      .map((field) => ({
        childSObject: child.name,
        field: field.name,
        relationshipName: field.childRelationshipName,
        cascadeDelete: false,
        deprecatedAndHidden: false,
        restrictedDelete: false,
      })),
  );
}

/** The operations that describe. */
export function describeOperations(deps: RestDeps): Operation[] {
  const { schema, usage, organizationId } = deps;
  const visible = schema.objects.filter((object) => object.queryable);

  function resources(call: Call): Answer {
    const names = ["sobjects", "query", "queryAll", "limits", "composite"];
    const addresses = names.map((name) => [name, `${call.basePath}/${name}`]);
    const identity = `${call.origin}/id/${organizationId}/${call.userId}`;
    return { status: 200, body: { ...Object.fromEntries(addresses), identity } };
  }

  return [
    { method: "GET", path: "", run: resources },
    { method: "GET", path: "/", run: resources },
    {
      method: "GET",
      path: "/limits",
      run: () => {
        const { used, limit } = usage.read();
        return {
          status: 200,
          body: { DailyApiRequests: { Max: limit, Remaining: Math.max(0, limit - used) } },
        };
      },
    },
    {
      method: "GET",
      path: "/sobjects",
      run: (call) => ({
        status: 200,
        body: {
          encoding: "UTF-8",
          maxBatchSize: 200,
          sobjects: visible.map((object) => summary(object, call)),
        },
      }),
    },
    {
      method: "GET",
      path: "/sobjects/:object",
      run: (call) => ({
        status: 200,
        body: { objectDescribe: summary(objectOf(call, schema), call), recentItems: [] },
      }),
    },
    {
      method: "GET",
      path: "/sobjects/:object/describe",
      run: (call) => {
        const object = objectOf(call, schema);
        return {
          status: 200,
          body: {
            ...summary(object, call),
            fields: object.fields.map(describeField),
            childRelationships: childRelationships(object, schema),
            recordTypeInfos: [],
          },
        };
      },
    },
  ];
}

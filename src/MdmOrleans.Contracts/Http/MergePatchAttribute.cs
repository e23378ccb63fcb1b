namespace MdmOrleans.Contracts.Http;

/// <summary>The body is a JSON Merge Patch (RFC 7396), also sent as <c>application/merge-patch+json</c>: what is not mentioned stays.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MergePatchAttribute : Attribute;
